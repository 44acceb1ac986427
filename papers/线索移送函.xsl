<?xml version="1.0" encoding="UTF-8"?>
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
<xsl:include href="common.xsl"/>
<xsl:variable name="title">涉嫌违法广告线索移送函</xsl:variable>

<xsl:template match="case">
  <h1>涉嫌违法广告线索移送函</h1>
  <p class="sub">
    <span class="blank short">&#160;</span>
    <xsl:text>〔</xsl:text>
    <xsl:value-of select="substring(made/@beijing, 1, 4)"/>
    <xsl:text>〕</xsl:text>
    <span class="blank short">&#160;</span>
    <xsl:text>号</xsl:text>
  </p>
  <xsl:call-template name="case-number"/>
  <p>
    <xsl:call-template name="or-blank">
      <xsl:with-param name="value" select="$to"/>
    </xsl:call-template>
    <xsl:text>：</xsl:text>
  </p>
  <p class="body">
    <xsl:text>我单位在广告监测中发现下列 </xsl:text>
    <xsl:value-of select="count(findings/finding)"/>
    <xsl:text> 条涉嫌违法广告线索。现将线索和证据材料移送你单位，请依法处理，并将处理情况函告我单位。</xsl:text>
  </p>
  <p class="body">本函只反映监测所见和人工审核的意见，不作认定。是否违法，由有权机关依法认定。网络地址（IP）和域名归属不作为管辖依据；管辖由你单位依照有关规定核定。</p>
  <h2>一、线索</h2>
  <xsl:apply-templates select="findings/finding"/>
  <h2>二、涉及的规定</h2>
  <p>以看到广告之日有效的文本为准；标“待核对”的，引用前须与官方公布文本核对。</p>
  <xsl:call-template name="provisions"/>
  <h2>三、证据</h2>
  <p>
    <xsl:text>证据包“</xsl:text>
    <xsl:value-of select="name"/>
    <xsl:text>.zip”，共 </xsl:text>
    <xsl:value-of select="count(items/item)"/>
    <xsl:text> 项，逐项的制作方法、时间、制作人、证明对象和摘要见附件《证据清单》。其中网页存档：</xsl:text>
  </p>
  <table>
    <thead>
      <tr><th class="n" scope="col">序号</th><th scope="col">文件和 SHA-256</th></tr>
    </thead>
    <tbody>
      <xsl:for-each select="items/item[contains(file, '.warc.gz') or contains(file, '/05-截图/') or contains(file, '/07-原件/')]">
        <tr>
          <td class="n"><xsl:value-of select="@n"/></td>
          <td>
            <xsl:value-of select="file"/><br/>
            <span class="digest"><xsl:value-of select="sha256"/></span>
          </td>
        </tr>
      </xsl:for-each>
    </tbody>
  </table>
  <p>核对方法：用 <code>adwatch verify</code> 离线核对证据包；或解压后执行 <code>sha256sum -c manifest-sha256.txt</code>。</p>
  <h2>四、附件</h2>
  <ol>
    <li>证据包（电子数据，压缩包一个）</li>
    <li>电子数据提取笔录</li>
    <li>证据清单</li>
    <xsl:if test="captures/capture/shot"><li>截图固定页</li></xsl:if>
    <li>广告监测情况说明</li>
  </ol>
  <p>
    <xsl:text>联系人：</xsl:text>
    <xsl:call-template name="or-blank">
      <xsl:with-param name="value" select="office/contact"/>
    </xsl:call-template>
    <xsl:text>　联系电话：</xsl:text>
    <xsl:call-template name="or-blank">
      <xsl:with-param name="value" select="office/telephone"/>
    </xsl:call-template>
    <br/>
    <xsl:text>地址：</xsl:text>
    <xsl:call-template name="or-blank">
      <xsl:with-param name="value" select="office/address"/>
      <xsl:with-param name="class" select="'wide'"/>
    </xsl:call-template>
  </p>
  <xsl:call-template name="closing"/>
  <div class="todo">
    <p class="label">待填写</p>
    <ul>
      <li>发文字号</li>
      <xsl:call-template name="todo-number"/>
      <xsl:if test="not(string($to))"><li>收文单位</li></xsl:if>
      <xsl:if test="not(string(office/name))"><li>移送单位</li></xsl:if>
      <xsl:if test="not(string(office/contact))"><li>联系人</li></xsl:if>
      <xsl:if test="not(string(office/telephone))"><li>联系电话</li></xsl:if>
      <xsl:if test="not(string(office/address))"><li>地址</li></xsl:if>
      <li>印章</li>
    </ul>
  </div>
</xsl:template>

<xsl:template match="finding">
  <h3>
    <xsl:text>线索 </xsl:text>
    <xsl:value-of select="position()"/>
    <xsl:text>（监测编号 </xsl:text>
    <xsl:value-of select="@id"/>
    <xsl:text>）</xsl:text>
  </h3>
  <table class="fields">
    <xsl:apply-templates select="." mode="origin-row"/>
    <xsl:call-template name="row-if">
      <xsl:with-param name="label">标题</xsl:with-param>
      <xsl:with-param name="value" select="title"/>
    </xsl:call-template>
    <xsl:call-template name="row-if">
      <xsl:with-param name="label">渠道</xsl:with-param>
      <xsl:with-param name="value" select="channel"/>
    </xsl:call-template>
    <tr>
      <th scope="row">页面所载主体</th>
      <td>
        <xsl:call-template name="parties"/>
        <xsl:if test="not(parties/party)">页面未见</xsl:if>
      </td>
    </tr>
    <xsl:call-template name="time-row">
      <xsl:with-param name="label">首次看到</xsl:with-param>
      <xsl:with-param name="at" select="first-seen"/>
    </xsl:call-template>
    <xsl:call-template name="time-row">
      <xsl:with-param name="label">最近看到</xsl:with-param>
      <xsl:with-param name="at" select="last-seen"/>
    </xsl:call-template>
    <xsl:call-template name="time-row">
      <xsl:with-param name="label">不再看到</xsl:with-param>
      <xsl:with-param name="at" select="gone"/>
    </xsl:call-template>
  </table>
  <p>涉嫌内容（照录，控制字符以�代替）：</p>
  <ol>
    <xsl:for-each select="claims/claim">
      <li>
        <strong><xsl:value-of select="class"/></strong>
        <xsl:text>　</xsl:text>
        <xsl:apply-templates select="." mode="quote"/>
        <xsl:if test="law">
          <br/>
          <span class="small">
            <xsl:text>涉嫌不符合：</xsl:text>
            <xsl:for-each select="law">
              <xsl:variable name="id" select="string(.)"/>
              <xsl:choose>
                <xsl:when test="ancestor::finding/provisions/provision[@id = $id]">
                  <xsl:apply-templates select="ancestor::finding/provisions/provision[@id = $id][1]" mode="name"/>
                </xsl:when>
                <xsl:otherwise>
                  <xsl:value-of select="."/><span class="mark">待核对</span>
                </xsl:otherwise>
              </xsl:choose>
              <xsl:if test="position() != last()">、</xsl:if>
            </xsl:for-each>
          </span>
        </xsl:if>
      </li>
    </xsl:for-each>
  </ol>
</xsl:template>

</xsl:stylesheet>
